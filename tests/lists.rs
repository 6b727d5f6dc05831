//! What lists tell, and of which samples.
