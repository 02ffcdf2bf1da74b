"""HTTP plumbing: sessions, security, answers, templates, static files, offline plan."""
