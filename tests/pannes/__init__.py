"""What goes wrong under the application: processes and servers that are killed, on throw-away copies."""
