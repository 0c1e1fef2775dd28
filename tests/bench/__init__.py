"""`make bench`: how long the reports take and what they hold in memory, as the number of fiches grows."""
