"""What is pictured besides every page: each public function here takes the `App` and brings it into a state."""
