// Emscripten 3.1's loader asks for CommonJS' __dirname under Node; with `wasmBinary` given it never uses it.
var __dirname = "";
