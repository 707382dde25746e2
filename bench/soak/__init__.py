"""Full load for a long time while processes are killed, and the proof that nothing was lost and nothing counted twice."""
