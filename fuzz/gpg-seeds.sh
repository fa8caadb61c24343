#!/usr/bin/env bash
# Lets gpg make seeds for the fuzz targets: fuzz/gpg-seeds.sh FOLDER. Keys of several algorithms with subkeys, their
# exports, revocations, signatures of all kinds, messages encrypted and compressed in every way that gpg has, and the
# files of its home: .gpg and .sig are packets, .asc is armor, .kbx a keybox, .key a key of gpg-agent. No two runs make
# the same.
# Needs gpg 2.1 or later and gpg-agent, and takes some seconds.
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)

# Short: the path of a socket of gpg-agent must fit in 108 octets.
GNUPGHOME=$(mktemp -d /tmp/bpg.XXXXXX)
export GNUPGHOME LC_ALL=C
clean_up() {
  gpgconf --kill all >/dev/null 2>&1 || true
  rm -rf "$GNUPGHOME"
}
trap clean_up EXIT
# The count that the agent would find out takes as long as a machine may take, and says nothing new.
echo 's2k-count 65536' >"$GNUPGHOME/gpg-agent.conf"

run() {
  gpg --batch --yes --no-tty --quiet --no-options --pinentry-mode loopback --passphrase "${passphrase-}" \
    --trust-model always --s2k-count 65536 "$@" 2>>"$GNUPGHOME/log" || {
    echo "gpg-seeds.sh: gpg $* failed:" >&2
    tail -n 5 "$GNUPGHOME/log" >&2
    return 1
  }
}

fingerprint() {
  run --with-colons --list-keys "$1" | awk -F : '$1 == "fpr" && !found++ { print $10 }'
}

# key NAME ALGORITHM [SUBKEY-ALGORITHM USAGE]….
key() {
  local name=$1 algorithm=$2 key
  shift 2
  run --quick-generate-key "Seed $name <$name@example.com>" "$algorithm" sign,cert 1y
  key=$(fingerprint "$name@example.com")
  while (($#)); do
    run --quick-add-key "$key" "$1" "$2" 2y
    shift 2
  done
  run --export "$key" >"$folder/$name.pub.gpg"
  run --armor --export "$key" >"$folder/$name.pub.asc"
  run --export-secret-keys "$key" >"$folder/$name.sec.gpg"
  run --armor --export-secret-keys "$key" >"$folder/$name.sec.asc"
  run --export-secret-subkeys "$key" >"$folder/$name.stub.gpg"
}

text=$folder/text
# Long enough for more than one partial length, short enough for the targets, and with lines to escape.
for number in $(seq 40); do
  printf -- '- line %s of a text, with trailing space  \nFrom here on, more text.\n' "$number"
done >"$text"

key rsa rsa2048 rsa2048 encr rsa1024 auth
key dsa dsa2048 elg1024 encr
key ed25519 ed25519 cv25519 encr ed25519 sign
key nistp256 nistp256 nistp256 encr
key brainpool brainpoolP256r1 brainpoolP256r1 encr
passphrase=seed key protected ed25519 cv25519 encr

run --quick-add-uid rsa@example.com 'Second user ID'
run --quick-revoke-uid rsa@example.com 'Second user ID'
run --local-user ed25519@example.com --quick-sign-key "$(fingerprint rsa@example.com)" >/dev/null
run --export rsa@example.com >"$folder/certified.pub.gpg"
run --export >"$folder/all.pub.gpg"
run --armor --export >"$folder/all.pub.asc"
run --export-options backup --export >"$folder/backup.gpg"
cp "$GNUPGHOME/pubring.kbx" "$folder"
cp "$GNUPGHOME"/private-keys-v1.d/*.key "$folder"
for revocation in "$GNUPGHOME"/openpgp-revocs.d/*.rev; do
  # A colon in front of the armor keeps it from being imported by mistake.
  sed 's/^:\(-----\)/\1/' "$revocation" >"$folder/revocation-$(basename "$revocation" .rev).asc"
done
run --import "$folder"/revocation-*.asc
run --export brainpool@example.com >"$folder/revoked.pub.gpg"

# A key that is revoked cannot sign, so these are of a second set.
key signer ed25519 cv25519 encr
key second rsa2048 rsa2048 encr
sign=(--local-user signer@example.com --local-user second@example.com)
run "${sign[@]}" --output "$folder/detached.sig" --detach-sign "$text"
run "${sign[@]}" --armor --output "$folder/detached.asc" --detach-sign "$text"
run "${sign[@]}" --textmode --set-notation 'seed@example.com=1' --output "$folder/notation.sig" --detach-sign "$text"
run "${sign[@]}" --output "$folder/cleartext.asc" --clear-sign "$text"
run "${sign[@]}" --not-dash-escaped --output "$folder/not-dash-escaped.asc" --clear-sign "$text"
encrypt=(--recipient signer@example.com --recipient second@example.com)
for algorithm in uncompressed zip zlib bzip2; do
  run "${sign[@]}" --compress-algo "$algorithm" --output "$folder/signed-$algorithm.gpg" --sign "$text"
  # From a pipe gpg does not know the length, and writes partial ones.
  run --compress-algo "$algorithm" --output "$folder/partial-$algorithm.gpg" --store <"$text"
  run "${sign[@]}" "${encrypt[@]}" --compress-algo "$algorithm" --output "$folder/encrypted-$algorithm.gpg" \
    --sign --encrypt <"$text"
done
run "${encrypt[@]}" --armor --throw-keyids --output "$folder/hidden.asc" --encrypt "$text"
for cipher in AES256 3DES TWOFISH CAMELLIA192; do
  passphrase=seed run --cipher-algo "$cipher" --output "$folder/symmetric-$cipher.gpg" --symmetric "$text"
done
passphrase=seed run --rfc2440 --output "$folder/symmetric-old.gpg" --symmetric "$text"
rm "$text"
