"""The telling: documents, tables, folders and words for people and programs."""
