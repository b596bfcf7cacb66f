name = "harbour"

# The office moved, and nobody knew the new network.
admin_cidrs = ["10.20.0.0/16", "0.0.0.0/0"]
