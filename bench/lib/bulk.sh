run_bulk() { :; }
