"""Small text models: mood, complaint, satisfaction, offensive words. Files are adapters' business."""
