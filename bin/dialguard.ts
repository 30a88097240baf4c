#!/usr/bin/env node
const x: number = 1; console.log("own bin", process.version, x)
