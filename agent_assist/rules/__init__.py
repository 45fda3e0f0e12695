"""What agent assist knows without a clock or a store: pure, tested by plain calls."""
