"""Numbers in, numbers out: the formula language, the calculation graph, finance and key figures."""
