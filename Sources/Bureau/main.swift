print("bureau")
