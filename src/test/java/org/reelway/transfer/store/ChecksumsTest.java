package org.reelway.transfer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.reelway.failure.InputFailure;

class ChecksumsTest {
  @TempDir Path folder;

  /** CRC values: the "check" column of reveng.sourceforge.io/crc-catalogue; MD5: RFC 1321. */
  @ParameterizedTest
  @CsvSource({
    "CRC64NVME, 123456789, ae8b14860a799888",
    "CRC64NVME, '', 0000000000000000",
    "CRC32C, 123456789, e3069283",
    "CRC32C, '', 00000000",
    "MD5, abc, 900150983cd24fb0d6963f7d28e17f72",
  })
  void knownBytesHaveTheirKnownChecksum(ChecksumKind kind, String text, String hex) {
    Checksum checksum = Checksums.of(kind, new Body.Bytes(text.getBytes(StandardCharsets.US_ASCII)));
    assertThat(HexFormat.of().formatHex(Base64.getDecoder().decode(checksum.base64()))).isEqualTo(hex);
  }

  @Test
  void theFastCrcEqualsTheOneBitByBit() {
    Random random = new Random(3);
    for (int length = 0; length < 200; length++) {
      byte[] bytes = new byte[length + 3];
      random.nextBytes(bytes);
      Crc64Nvme fast = new Crc64Nvme();
      Crc64Nvme slow = new Crc64Nvme();
      fast.update(bytes, 3, length);
      for (int i = 3; i < bytes.length; i++) {
        slow.update(bytes[i]);
      }
      assertThat(fast.getValue()).isEqualTo(slow.getValue());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CRC64NVME", "CRC32C", "MD5"})
  void aSliceOfAFileHasTheChecksumOfItsBytesWhateverTheChannelsPosition(ChecksumKind kind) throws Exception {
    byte[] bytes = random(1_000_003);
    try (FileChannel channel = FileChannel.open(Files.write(folder.resolve("f"), bytes))) {
      channel.position(77);
      Checksum slice = Checksums.of(kind, new Body.FileSlice(channel, 1234, 900_001));
      assertThat(slice)
          .isEqualTo(Checksums.of(kind, new Body.Bytes(Arrays.copyOfRange(bytes, 1234, 901_235))));
      assertThat(channel.position()).isEqualTo(77);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CRC64NVME", "CRC32C"})
  void theChecksumsOfPiecesMakeThatOfTheWhole(ChecksumKind kind) {
    byte[] bytes = random(100_000);
    int[] cuts = {0, 1, 1, 4096, 77_777, 100_000};
    List<Checksums.Piece> pieces = new ArrayList<>();
    for (int i = 1; i < cuts.length; i++) {
      byte[] piece = Arrays.copyOfRange(bytes, cuts[i - 1], cuts[i]);
      pieces.add(new Checksums.Piece(Checksums.of(kind, new Body.Bytes(piece)), piece.length));
    }
    assertThat(Checksums.combine(kind, pieces)).isEqualTo(Checksums.of(kind, new Body.Bytes(bytes)));
  }

  @Test
  void aFileThatEndsEarlyIsTheFilesFault() throws Exception {
    try (FileChannel channel = FileChannel.open(Files.write(folder.resolve("short"), random(100)))) {
      assertThatThrownBy(() -> Checksums.of(ChecksumKind.MD5, new Body.FileSlice(channel, 50, 100)))
          .isInstanceOf(InputFailure.class)
          .hasMessage("the file ends at byte 100, bytes up to 150 were expected; nothing may write to a finished"
              + " recording");
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
