package org.reelway.transfer;

import org.reelway.failure.InputFailure;
import org.reelway.recording.MarkerContent.UploadState;

/**
 * How a file of a given size is cut. S3 allows 10,000 parts of 5 MiB to 5 GiB (the last may be smaller). Objects were
 * limited to 5 TiB, as they still are in most stores other than AWS, whose limit is now that of the parts, 48.8 TiB.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html">the limits</a>
 *
 * @param size bytes
 * @param partSize bytes of every part but the last; the whole size for a single put
 * @param parts 0 for a single put, else 1 to 10,000
 */
public record TransferPlan(long size, long partSize, int parts) {
  public static final int MOST_PARTS = 10_000;
  public static final long LARGEST_OBJECT = 5L << 40;
  public static final long LARGEST_PART = 5L << 30;
  private static final long MIB = 1L << 20;

  /**
   * Before anything is sent: an upload that cannot end would be found out after terabytes.
   *
   * @param largest bytes of an object that the store takes
   * @param setting that says so
   * @throws InputFailure with the limit, for a file that no object of the store can hold
   */
  static void requireFit(long size, long largest, String setting) {
    long fitting = Math.min(largest, MOST_PARTS * LARGEST_PART);
    if (size > fitting) {
      throw new InputFailure(
          "the file has " + size + " bytes; an object of this store holds at most " + fitting
              + " (" + setting + "; S3 itself takes " + MOST_PARTS + " parts of 5 GiB): have the media"
              + " server cut its recordings shorter, or cut this one");
    }
  }

  /**
   * @param threshold bytes up to which a single put is used
   * @param partSize wished bytes of a part; grown in whole MiB where 10,000 parts would not hold the file
   */
  public static TransferPlan of(long size, long threshold, long partSize) {
    if (size == 0 || size <= threshold) {
      return new TransferPlan(size, size, 0);
    }
    return multipart(size, partSize);
  }

  /** One request, whatever the threshold; S3 takes up to {@link #LARGEST_PART} in one. */
  static TransferPlan single(long size) {
    return new TransferPlan(size, size, 0);
  }

  /** The plan of an upload that was begun with this part size. */
  public static TransferPlan multipart(long size, long partSize) {
    long needed = (size + MOST_PARTS - 1) / MOST_PARTS;
    long fitting = needed <= partSize ? partSize : (needed + MIB - 1) / MIB * MIB;
    return new TransferPlan(size, fitting, (int) ((size + fitting - 1) / fitting));
  }

  public boolean isMultipart() {
    return parts > 0;
  }

  /** The plan of an upload that a marker names. */
  static TransferPlan of(long size, UploadState upload) {
    return upload.ours() ? multipart(size, upload.partSize()) : ofWowza(size, upload.partSize());
  }

  /**
   * The plan of an upload that another program began. The Wowza module's SDK notes the least part size only, and sends parts
   * of the file's ten-thousandth, rounded up, where that is more.
   *
   * @param noted bytes of a part, by its marker
   */
  private static TransferPlan ofWowza(long size, long noted) {
    long partSize = Math.max(noted, (size + MOST_PARTS - 1) / MOST_PARTS);
    return new TransferPlan(size, partSize, (int) ((size + partSize - 1) / partSize));
  }

  /** @param number from 1 */
  public long offset(int number) {
    return (number - 1) * partSize;
  }

  /** @param number from 1 */
  public long length(int number) {
    return Math.min(partSize, size - offset(number));
  }
}
