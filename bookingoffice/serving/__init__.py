"""The main job: everything that `up` does before the first request is answered, and until the last one is."""
