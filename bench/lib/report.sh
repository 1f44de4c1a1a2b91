report() { cat "$rows"; }
