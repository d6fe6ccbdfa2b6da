"""What all reports share: one self-contained page, its style, and elements made of text only."""
