#include <cstdio>

#include "covet/core.h"

int main() { std::printf("covetpy-migrate %s\n", covet::version()); }
