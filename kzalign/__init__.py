"""kzalign: trilingual (kk, ru, en) parallel data from the abstracts of Kazakhstan's journals."""

__version__ = "0.1.0"
