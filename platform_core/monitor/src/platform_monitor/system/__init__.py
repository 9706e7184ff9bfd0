"""The installation itself: versions, processes, disks, databases, keys, licences."""
