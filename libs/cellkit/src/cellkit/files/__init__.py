"""Files: uploads, attachments of documents, previews; stored in a folder or S3, scanned and encrypted where asked."""
