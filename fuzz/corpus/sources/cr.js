=== cr.js
a;b;
c; d