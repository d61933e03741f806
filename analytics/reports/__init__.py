"""Written reports: a document that people edit, and its renderers for PDF, web pages and DOCX."""
