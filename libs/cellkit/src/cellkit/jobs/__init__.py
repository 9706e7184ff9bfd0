"""Work outside a request: jobs in the cell's own queue, run by the cell's process, and schedules per tenant."""

from cellkit.jobs.context import JobCancelled, JobContext
from cellkit.jobs.declare import Job, job

__all__ = ["Job", "JobCancelled", "JobContext", "job"]
