"""Reading any vendor workbook into one grid of cells, safely."""
