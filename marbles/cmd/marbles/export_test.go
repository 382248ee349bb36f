package main

// Main is what a test binary runs when it plays the command.
var Main = main
