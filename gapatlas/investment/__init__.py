"""Room `investment`: what an investment in training could change, asked of the atlas."""
