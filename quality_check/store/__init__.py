"""What quality keeps: rubrics in versions, inspections with their hits, reviews, appeals, plans."""
