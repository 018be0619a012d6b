#include "project/sha256.h"

#include <gtest/gtest.h>

TEST(Sha256, KnownAnswer) {
    EXPECT_EQ(covet::cli::sha256Hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
