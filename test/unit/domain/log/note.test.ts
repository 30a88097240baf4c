import { createPrivateKey, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { noteKeyId, openNote, signedNote, verifierKey } from '../../../../lib/domain/log/note.ts';

function publicKeyOf(vkey: string): Uint8Array {
  return Buffer.from(vkey.split('+').slice(2).join('+'), 'base64').subarray(1);
}

// https://c2sp.org/signed-note, "Example"; golang.org/x/mod/sumdb/note, ExampleSign; trillian-tessera, testdata/log.
const NOTES = [
  {
    vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
    text: 'This is an example message.\n',
    signature:
      '— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n',
  },
  {
    vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    text: "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n",
    signature:
      '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n',
  },
  {
    vkey: 'astra+cad5a3d2+AZJqeuyE/GnknsCNh1eCtDtwdAwKBddOlS8M2eI1Jt4b',
    text: 'astra\n7\nIrSXADBqJ7EQoUODSDKROySgNveeL6CFhik2w/+fS7U=\n',
    signature:
      '— astra ytWj0q61ftJEOaWEsCHuXyLlRcqjLBd1+p7o+iN+9vzKclbpIu4molDU/gKGVcneESQzY+KeoxP3AltrMQANWw4HjQk=\n',
  },
].map((known) => ({
  ...known,
  note: `${known.text}\n${known.signature}`,
  key: { name: known.vkey.split('+')[0] ?? '', publicKey: publicKeyOf(known.vkey) },
}));

/** The private key of golang.org/x/mod/sumdb/note's example, by its seed. */
const SEED = Buffer.from('AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz', 'base64').subarray(1);
const PKCS8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SEED]);

describe.each(NOTES)('the public note of $key.name', ({ vkey, text, note, key }) => {
  it('has this verifier key', () => {
    expect(verifierKey(key)).toBe(vkey);
    expect(noteKeyId(key).toString('hex')).toBe(vkey.split('+')[1]);
  });

  it('opens, and says its text', () => {
    expect(openNote(note, key)).toBe(text);
  });

  it('opens beside the signatures of others', () => {
    const other = '— witness.example AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n';
    expect(openNote(`${note}${other}`, key)).toBe(text);
  });

  it('does not open once any character was changed', () => {
    for (let at = 0; at < note.length; at += 1) {
      const changed = `${note.slice(0, at)}${note[at] === 'A' ? 'E' : 'A'}${note.slice(at + 1)}`;
      // The last character before the padding has bits that base64 does not use.
      if (at !== note.length - 3) expect(openNote(changed, key), `character ${at}`).toBeUndefined();
    }
  });

  it('does not open cut short, or for another key', () => {
    for (const end of [0, 5, text.length, text.length + 1, note.length - 1]) {
      expect(openNote(note.slice(0, end), key)).toBeUndefined();
    }
    expect(openNote(note, { ...key, name: 'somebody' })).toBeUndefined();
    expect(openNote(note, { ...key, publicKey: new Uint8Array(32) })).toBeUndefined();
  });
});

describe('signedNote', () => {
  it('makes the public example, byte for byte', () => {
    const [, example] = NOTES;
    if (example === undefined) throw new Error('expected an example');
    const privateKey = createPrivateKey({ key: PKCS8, format: 'der', type: 'pkcs8' });
    const signature = sign(null, Buffer.from(example.text), privateKey);
    expect(signedNote(example.text, example.key, signature)).toBe(example.note);
  });
});
