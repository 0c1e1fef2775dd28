"""What an indicator keeps of the convention before: the value from which it starts, proposed and never written by itself."""
