"""The formula language: Excel's syntax over the names of drivers."""
