declare module 'punycode.js' {
  const punycode: {
    /** Turns the labels of a domain that begin with `xn--` into Unicode. Throws a RangeError where one cannot be read. */
    readonly toUnicode: (domain: string) => string;
    readonly toASCII: (domain: string) => string;
  };
  export = punycode;
}
