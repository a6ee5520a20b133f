=== open.js
function f({ a = `${`${`