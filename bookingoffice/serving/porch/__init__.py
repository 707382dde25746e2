"""Between the web server's event loop and the application, which may block."""
