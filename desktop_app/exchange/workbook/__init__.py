"""Writing the board pack and its twin workbook."""
