"""What agent assist keeps: past answers, beside what they answered."""
