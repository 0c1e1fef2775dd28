"""The end-of-convention assessment: the years side by side, as the bilans that its reader may have say them."""
