"""The question: a scenario, the file it is written in, and the rules that such a file keeps."""
