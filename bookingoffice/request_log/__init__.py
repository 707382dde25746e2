"""What each program has asked, as it may read itself: `/v1/api_requests`."""
