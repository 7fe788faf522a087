"""Understanding a vendor quote: blocks, rows, facts, and the proof of its arithmetic."""
