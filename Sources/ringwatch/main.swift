print("ringwatch")
