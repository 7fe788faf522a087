"""Workbooks and text in and out: vendor quotes, board packs, text plans."""
