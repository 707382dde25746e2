"""The staff's door to files: what is uploaded is shown row by row before anything is kept."""
