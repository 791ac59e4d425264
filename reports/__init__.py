"""What a run hands over: records, the run's verdict, and one renderer per format."""
