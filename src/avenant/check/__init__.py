"""The check: is a draft well formed, anchored, complete, and free of the model's real name?"""
