#!/usr/bin/env bash
#
# generate.sh - write the test corpus of bpg
#
# usage: testdata/generate.sh [FOLDER]
#
# Writes the corpus into FOLDER, or into the folder that holds this script. The theme folders it owns are emptied first.
# Needs gpg and gpgsm 2.2, sq 0.27, rnp and rnpkeys 0.16, pgpainless-cli 1.3, gosop, python3, openssl and cargo. What no
# program writes comes from two crates, through an example of bpg-core/tests/peers-v6, and from handmade.py; this script
# calls both. README.md says where each file comes from.
#
# Times are fixed where a program lets us fix them. Keys, salts, session keys and initial vectors are random all the
# same: a new run gives new keys, and so the goldens must be rewritten and read again.

set -euo pipefail
umask 022
export LC_ALL=C.UTF-8 TZ=UTC

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=${1:-$here}
mkdir -p "$out"
out=$(cd "$out" && pwd)

# Short: a socket path of gpg-agent must fit in 108 octets.
tmp=$(mktemp -d /tmp/bpg.XXXXXX)
log=$tmp/log
homes=0

clean_up() {
    local status=$?
    if [ "$status" -ne 0 ] && [ -s "$log" ]; then
        echo "generate.sh: failed; the last messages were:" >&2
        tail -n 20 "$log" >&2
    fi
    local home
    for home in "$tmp"/h*; do
        if [ -d "$home" ]; then
            gpgconf --homedir "$home" --kill all 2>/dev/null || true
        fi
    done
    rm -rf "$tmp"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# ---------------------------------------------------------------------------------------------------------------------
# Driving gpg

# The moment at which gpg believes to be. A second self-signature must be later than the first, so a step that
# replaces one moves the clock on.
now=20240101T000000
at() { now=$1; }

# The passphrase gpg gives to its agent.
passphrase=''

# A fresh, empty GnuPG home.
new_home() {
    homes=$((homes + 1))
    export GNUPGHOME=$tmp/h$homes
    mkdir -m 700 "$GNUPGHOME"
    # The default count is measured on the machine and large; a small one is the same everywhere.
    echo 's2k-count 65536' >"$GNUPGHOME/gpg-agent.conf"
}

# gpg that never asks.
run_gpg() {
    gpg --batch "${gpg_common[@]}" --faked-system-time "$now!" --passphrase "$passphrase" "$@" 2>>"$log"
}

# run_gpg for --quick-sign-key, which describes the key on standard output.
certify() {
    run_gpg "$@" >>"$log"
}

# gpg whose questions are answered from standard input, one answer a line.
ask_gpg() {
    gpg --command-fd 0 --status-fd 2 "${gpg_common[@]}" --faked-system-time "$now!" --passphrase "$passphrase" \
        "$@" 2>>"$log"
}
gpg_common=(--yes --no-tty --quiet --no-options --pinentry-mode loopback --trust-model always --expert
    --no-auto-check-trustdb --no-auto-key-locate --s2k-count 65536)

# Makes an unprotected key from the parameters on standard input and leaves its fingerprint in $key.
make_key() {
    {
        echo '%no-protection'
        cat
        echo "Creation-Date: $now"
        echo '%commit'
    } >"$tmp/parameters"
    run_gpg --status-fd 1 --gen-key "$tmp/parameters" >"$tmp/status"
    key=$(awk '$2 == "KEY_CREATED" { print $4 }' "$tmp/status")
    [ -n "$key" ]
}

# Makes the small key of most certificates: one Ed25519 primary key for one user ID.
make_small_key() {
    make_key <<EOF
Key-Type: EDDSA
Key-Curve: ed25519
Key-Usage: sign cert
Name-Real: $1
Name-Email: $2
EOF
}

# export_public FINGERPRINT FILE [OPTION...]
export_public() {
    local fingerprint=$1 file=$2
    shift 2
    run_gpg "$@" --export "$fingerprint" >"$file"
    [ -s "$file" ]
}

theme() {
    folder=$out/$1
    rm -rf "$folder"
    mkdir "$folder"
    cd "$folder"
}

# ---------------------------------------------------------------------------------------------------------------------
# keys/: one key for every algorithm

theme keys
new_home
keys_home=$GNUPGHOME
at 20240101T000000

# name          primary         subkey
algorithms='
rsa1024         RSA:1024        RSA:1024
rsa2048         RSA:2048        RSA:2048
rsa3072         RSA:3072        RSA:3072
rsa4096         RSA:4096        RSA:4096
dsa1024         DSA:1024        ELG-E:1024
dsa2048         DSA:2048        ELG-E:2048
ed25519         EDDSA:ed25519   ECDH:cv25519
nistp256        ECDSA:nistp256  ECDH:nistp256
nistp384        ECDSA:nistp384  ECDH:nistp384
nistp521        ECDSA:nistp521  ECDH:nistp521
brainpoolp256r1 ECDSA:brainpoolP256r1 ECDH:brainpoolP256r1
brainpoolp384r1 ECDSA:brainpoolP384r1 ECDH:brainpoolP384r1
brainpoolp512r1 ECDSA:brainpoolP512r1 ECDH:brainpoolP512r1
secp256k1       ECDSA:secp256k1 ECDH:secp256k1
'

# key_lines Key|Subkey TYPE:SIZE-OR-CURVE
key_lines() {
    local type=${2%%:*} size=${2#*:}
    echo "$1-Type: $type"
    case $size in
    [0-9]*) echo "$1-Length: $size" ;;
    *) echo "$1-Curve: $size" ;;
    esac
}

declare -A fingerprint
names=()
while read -r name primary subkey; do
    [ -n "$name" ] || continue
    names+=("$name")
    make_key <<EOF
$(key_lines Key "$primary")
Key-Usage: sign cert
$(key_lines Subkey "$subkey")
Subkey-Usage: encrypt
Name-Real: Alice Example
Name-Comment: $name
Name-Email: $name@example.com
EOF
    fingerprint[$name]=$key
    export_public "$key" "$name.pub.gpg"
    run_gpg --armor --export-secret-keys "$key" >"$name.sec.asc"
done <<<"$algorithms"

for name in rsa1024 rsa2048 dsa2048 ed25519 nistp256; do
    run_gpg --armor --export "${fingerprint[$name]}" >"$name.pub.asc"
    run_gpg --export-secret-keys "${fingerprint[$name]}" >"$name.sec.gpg"
done

# The same keys under the passphrase "bpg", made in a home of their own: the first one stays unprotected.
new_home
passphrase=bpg
for name in rsa1024 rsa2048 dsa2048 ed25519 nistp256 brainpoolp512r1; do
    run_gpg --import "$name.sec.asc"
    run_gpg --passwd "${fingerprint[$name]}"
    run_gpg --export-secret-keys "${fingerprint[$name]}" >"$name.sec-protected.gpg"
done
run_gpg --armor --export-secret-keys "${fingerprint[ed25519]}" >ed25519.sec-protected.asc
passphrase=''

# ---------------------------------------------------------------------------------------------------------------------
# certificates/: user IDs, bindings, certifications and revocations

theme certificates
new_home
at 20240101T000000

# Bob and Carol certify the keys of Alice.
make_small_key 'Bob Example' bob@example.com
bob=$key
make_small_key 'Carol Example' carol@example.com
carol=$key
export_public "$bob" bob.pub.gpg
export_public "$carol" carol.pub.gpg

# Several user IDs; the last one is made the primary one.
make_small_key 'Alice Example' alice@example.com
at 20240102T000000
run_gpg --quick-add-uid "$key" 'Jürgen Beispiel <juergen@example.com>'
run_gpg --quick-add-uid "$key" '山田太郎 <yamada@example.com>'
run_gpg --quick-add-uid "$key" alice@example.net
at 20240103T000000
run_gpg --quick-set-primary-uid "$key" alice@example.net
export_public "$key" user-ids.pub.gpg
run_gpg --armor --export "$key" >user-ids.pub.asc

# A photo ID. The JPEG is one navy square of 8 by 8 pixels.
at 20240101T000000
make_small_key 'Alice Photo' photo@example.com
base64 -d >"$tmp/photo.jpg" <<EOF
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkz
ODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2Nj
Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAIAAgDASIA
AhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAb/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEB
AQAAAAAAAAAAAAAAAAAAAwX/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCGAXhP
/9k=
EOF
at 20240102T000000
printf '%s\n' "$tmp/photo.jpg" y save | ask_gpg --photo-viewer true --edit-key "$key" addphoto
export_public "$key" photo.pub.gpg

# Expired when this was written, and expiring long after.
at 20200101T000000
make_key <<EOF
Key-Type: EDDSA
Key-Curve: ed25519
Key-Usage: sign cert
Subkey-Type: ECDH
Subkey-Curve: cv25519
Subkey-Usage: encrypt
Name-Real: Alice Expired
Name-Email: expired@example.com
Expire-Date: 1y
EOF
export_public "$key" expired.pub.gpg
at 20240101T000000
make_small_key 'Alice Expiring' expiring@example.com
at 20240102T000000
run_gpg --quick-add-key "$key" cv25519 encrypt 2099-12-31
at 20240103T000000
run_gpg --quick-set-expire "$key" 2099-12-31
export_public "$key" expiring.pub.gpg

# Revoked keys, one for each reason, and the revocation certificates alone.
# code          choice in the menu of gpg
reasons='
0-no-reason     0
1-superseded    2
2-compromised   1
3-retired       3
'
while read -r reason choice; do
    [ -n "$reason" ] || continue
    at 20240101T000000
    make_small_key 'Alice Revoked' "revoked-$reason@example.com"
    at 20240102T000000
    printf '%s\n' y "$choice" "Reason $reason." 'Second line.' '' y |
        ask_gpg --armor --gen-revoke "$key" >"revocation-$reason.asc"
    run_gpg --import "revocation-$reason.asc"
    export_public "$key" "revoked-$reason.pub.gpg"
done <<<"$reasons"

# The revocation certificate that gpg stores beside a new key: text first, and a colon that disarms the armor.
cat "$GNUPGHOME/openpgp-revocs.d/$bob.rev" >revocation-stored.asc

# A revoked user ID beside a good one.
at 20240101T000000
make_small_key 'Alice Example' alice@example.com
at 20240102T000000
run_gpg --quick-add-uid "$key" 'Alice Example <alice@old.example.com>'
at 20240103T000000
run_gpg --quick-revoke-uid "$key" 'Alice Example <alice@old.example.com>'
export_public "$key" revoked-user-id.pub.gpg

# A revoked subkey beside a good one.
at 20240101T000000
make_small_key 'Alice Example' alice@example.com
run_gpg --quick-add-key "$key" cv25519 encrypt never
at 20240102T000000
run_gpg --quick-add-key "$key" cv25519 encrypt never
at 20240103T000000
printf '%s\n' 'key 1' revkey y 1 'Lost the laptop.' '' y save | ask_gpg --edit-key "$key"
export_public "$key" revoked-subkey.pub.gpg

# Designated revokers; the first is used.
at 20240101T000000
make_key <<EOF
Key-Type: EDDSA
Key-Curve: ed25519
Key-Usage: sign cert
Revoker: 22:$bob
Name-Real: Alice Example
Name-Email: alice@example.com
EOF
export_public "$key" designated-revoker.pub.gpg
at 20240102T000000
printf '%s\n' y y 2 'Alice asked for it.' '' y |
    ask_gpg --armor --local-user "$bob" --desig-revoke "$key" >designated-revocation.asc
run_gpg --import designated-revocation.asc
export_public "$key" revoked-by-designated-revoker.pub.gpg
at 20240101T000000
make_key <<EOF
Key-Type: EDDSA
Key-Curve: ed25519
Key-Usage: sign cert
Revoker: 22:$carol sensitive
Name-Real: Alice Example
Name-Email: alice@example.com
EOF
export_public "$key" designated-revoker-sensitive.pub.gpg --export-options export-sensitive-revkeys

# Certifications by Bob: a plain one, one with everything that gpg can say in it, and the four levels of checking.
make_small_key 'Alice Example' alice@example.com
at 20240102T000000
certify --local-user "$bob" --quick-sign-key "$key"
export_public "$key" certified.pub.gpg

at 20240101T000000
make_small_key 'Alice Example' alice@example.com
at 20240102T000000
certify --local-user "$bob" \
    --cert-notation 'met-at@example.com=Grüße aus Köln' \
    --cert-notation '!checked@example.com=passport' \
    --cert-policy-url 'https://example.com/policy' \
    --default-cert-expire 1y \
    --quick-sign-key "$key"
certify --local-user "$carol" --cert-policy-url '!https://example.com/critical-policy' --quick-sign-key "$key"
export_public "$key" certification-notation-policy.pub.gpg

at 20240101T000000
make_small_key 'Alice Zero' alice-0@example.com
at 20240102T000000
run_gpg --quick-add-uid "$key" 'Alice One <alice-1@example.com>'
run_gpg --quick-add-uid "$key" 'Alice Two <alice-2@example.com>'
run_gpg --quick-add-uid "$key" 'Alice Three <alice-3@example.com>'
at 20240103T000000
for level in 0 1 2 3; do
    certify --local-user "$bob" --default-cert-level "$level" --quick-sign-key "$key" "alice-$level@example.com"
done
export_public "$key" certification-levels.pub.gpg

# A certification that its maker revoked. gpg asks about the self-signature first.
at 20240101T000000
make_small_key 'Alice Example' alice@example.com
at 20240102T000000
certify --local-user "$bob" --quick-sign-key "$key"
at 20240103T000000
printf '%s\n' n y y 4 'Not her after all.' '' y save | ask_gpg --edit-key "$key" revsig
export_public "$key" certification-revoked.pub.gpg

# Trust signatures: without and with a domain, which becomes a regular expression.
at 20240101T000000
make_small_key 'Alice Example' alice@example.com
at 20240102T000000
printf '%s\n' 1 1 '' y save | ask_gpg --local-user "$carol" --edit-key "$key" tsign
printf '%s\n' 2 2 example.com y save | ask_gpg --local-user "$bob" --edit-key "$key" tsign
export_public "$key" trust-signature.pub.gpg

# A signature that stays here, one that cannot be revoked, and one that is both.
at 20240101T000000
make_small_key 'Alice Example' alice@example.com
at 20240102T000000
certify --local-user "$bob" --quick-lsign-key "$key"
export_public "$key" local-signature.pub.gpg --export-options export-local-sigs
at 20240101T000000
make_small_key 'Alice Example' alice@example.com
at 20240102T000000
printf '%s\n' y save | ask_gpg --local-user "$bob" --edit-key "$key" nrsign
printf '%s\n' y save | ask_gpg --local-user "$carol" --edit-key "$key" nrlsign
export_public "$key" non-revocable-signature.pub.gpg --export-options export-local-sigs

# Every kind of subkey. A subkey that signs carries the signature of its own over the primary key.
at 20240101T000000
make_key <<EOF
Key-Type: EDDSA
Key-Curve: ed25519
Key-Usage: cert
Name-Real: Alice Example
Name-Email: alice@example.com
EOF
run_gpg --quick-add-key "$key" ed25519 sign never
run_gpg --quick-add-key "$key" cv25519 encrypt never
run_gpg --quick-add-key "$key" ed25519 auth 2y
run_gpg --quick-add-key "$key" rsa1024 sign,auth never
export_public "$key" subkeys.pub.gpg
run_gpg --export-secret-keys "$key" >subkeys.sec.gpg

# A signing subkey alone, for the smallest file with a back-signature.
make_small_key 'Alice Example' alice@example.com
run_gpg --quick-add-key "$key" ed25519 sign never
export_public "$key" signing-subkey.pub.gpg

# Preferences of every kind, and the preferred key server.
at 20240101T000000
make_key <<EOF
Key-Type: EDDSA
Key-Curve: ed25519
Key-Usage: sign cert
Name-Real: Alice Example
Name-Email: alice@example.com
Preferences: AES256 CAMELLIA256 TWOFISH 3DES SHA512 SHA256 SHA1 BZIP2 ZLIB ZIP Uncompressed mdc no-ks-modify
Keyserver: hkps://keys.example.com
EOF
export_public "$key" preferences-keyserver.pub.gpg
at 20240102T000000
printf '%s\n' 'setpref S8 H10 Z2 no-mdc ks-modify' y save | ask_gpg --edit-key "$key"
export_public "$key" preferences-few.pub.gpg

# A certificate without a user ID: the primary key and its subkey, which is valid since RFC 9580.
at 20240101T000000
make_small_key 'Alice Example' alice@example.com
run_gpg --quick-add-key "$key" cv25519 encrypt never
run_gpg --export-filter 'drop-subkey=usage =~ x' --export-filter 'keep-uid=mbox = nobody@example.com' --export "$key" \
    >no-user-id.pub.gpg

# ---------------------------------------------------------------------------------------------------------------------
# secret/: what GnuPG does to secret keys; handmade.py adds the rest

theme secret
new_home
at 20240101T000000
make_key <<EOF
Key-Type: EDDSA
Key-Curve: ed25519
Key-Usage: sign cert
Subkey-Type: ECDH
Subkey-Curve: cv25519
Subkey-Usage: encrypt
Name-Real: Alice Example
Name-Email: alice@example.com
EOF
run_gpg --export-secret-keys "$key" >unprotected.sec.gpg
# The primary key is a stub, the subkey is there; and the other way round.
run_gpg --export-secret-subkeys "$key" >gnu-dummy-primary.sec.gpg
subkey=$(run_gpg --with-colons --list-keys "$key" | awk -F: '$1 == "fpr" { last = $10 } END { print last }')
run_gpg --delete-secret-keys "$subkey!"
run_gpg --export-secret-keys "$key" >gnu-dummy-subkey.sec.gpg
# The stub beside a subkey that has a passphrase.
new_home
passphrase=bpg
run_gpg --import gnu-dummy-primary.sec.gpg
run_gpg --passwd "$key"
run_gpg --export-secret-keys "$key" >gnu-dummy-protected.sec.gpg
passphrase=''

# ---------------------------------------------------------------------------------------------------------------------
# keyrings/: many keys in one file

theme keyrings
new_home
at 20240105T000000
cat "$out"/keys/*.pub.gpg "$out"/certificates/*.pub.gpg >public.gpg
gpg --dearmor <"$out/keys/nistp521.sec.asc" >"$tmp/nistp521.sec.gpg" 2>>"$log"
cat "$out"/keys/*.sec.gpg "$tmp/nistp521.sec.gpg" >secret.gpg
cat "$out"/keys/*.pub.asc >public-blocks.asc

# gpg merges what it imports, and puts a trust packet after each user ID and signature.
run_gpg --no-default-keyring --keyring "gnupg-ring:$tmp/pubring.gpg" --import-options import-local-sigs \
    --import public.gpg
run_gpg --no-default-keyring --keyring "gnupg-ring:$tmp/pubring.gpg" --check-sigs >>"$log"
cat "$tmp/pubring.gpg" >pubring.gpg

for name in bob carol certified local-signature trust-signature designated-revoker-sensitive photo; do
    cat "$out/certificates/$name.pub.gpg"
done >"$tmp/certificates"
run_gpg --import-options import-local-sigs --import "$tmp/certificates"
run_gpg --check-sigs >>"$log"
# "backup" writes ring trust packets, local signatures and sensitive designated revokers.
run_gpg --export-options backup --export >backup.gpg
run_gpg --armor --export >export.asc
cat "$GNUPGHOME/pubring.kbx" >pubring.kbx

# ---------------------------------------------------------------------------------------------------------------------
# gnupg/: what is around packets in a home of GnuPG

theme gnupg
new_home
at 20240101T000000
echo disable-extended-key-format >>"$GNUPGHOME/gpg-agent.conf"
make_small_key 'Alice Example' alice@example.com
cat "$GNUPGHOME/pubring.kbx" >one.kbx
cat "$GNUPGHOME"/private-keys-v1.d/*.key >private-canonical.key

new_home
make_small_key 'Bob Example' bob@example.com
cat "$GNUPGHOME"/private-keys-v1.d/*.key >private.key
run_gpg --import "$out/keys/dsa1024.pub.gpg" "$out/keys/rsa1024.pub.gpg"
cat "$GNUPGHOME/pubring.kbx" >three.kbx
run_gpg --delete-keys "${fingerprint[dsa1024]}"
cat "$GNUPGHOME/pubring.kbx" >deleted.kbx
openssl req -x509 -newkey rsa:1024 -nodes -keyout "$tmp/x509.key" -out "$tmp/x509.pem" -days 36500 \
    -subj '/O=Example/CN=Carol' -addext subjectAltName=email:carol@example.com 2>>"$log"
gpgsm --batch --quiet --import "$tmp/x509.pem" 2>>"$log"
cat "$GNUPGHOME/pubring.kbx" >x509.kbx

# A secret under the passphrase "bpg", in both formats, and as it came from elsewhere: nobody gave the passphrase yet.
for format in disable enable; do
    new_home
    echo "$format-extended-key-format" >>"$GNUPGHOME/gpg-agent.conf"
    name=protected
    [ "$format" = enable ] || name=protected-canonical
    passphrase=bpg
    run_gpg --quick-generate-key 'Carol Example <carol@example.com>' rsa1024 sign never
    passphrase=''
    cat "$GNUPGHOME"/private-keys-v1.d/*.key >"$name.key"
done
rm "$GNUPGHOME"/private-keys-v1.d/*.key
passphrase=bpg
run_gpg --import "$out/keys/ed25519.sec-protected.gpg"
passphrase=''
cat "$GNUPGHOME/private-keys-v1.d/$(gpg --with-keygrip -K --with-colons "${fingerprint[ed25519]}" 2>>"$log" |
    awk -F: '$1 == "grp" { print $10; exit }').key" >protected-native.key

# ---------------------------------------------------------------------------------------------------------------------
# signatures/

theme signatures
export GNUPGHOME=$keys_home
at 20240110T120000
cat >PLAINTEXT.txt <<'EOF'
Of the making of many books there is no end.
- A line that begins with a dash,
-----and one with five of them.
From here on the lines end in spaces.   
and a tab	
EOF
rsa=${fingerprint[rsa1024]}
ed=${fingerprint[ed25519]}
dsa=${fingerprint[dsa1024]}

# Detached, one for every hash, and one for every algorithm.
for hash in sha1 ripemd160 sha224 sha256 sha384 sha512; do
    run_gpg -u "$rsa" --digest-algo "$hash" --output "detached-$hash.sig" --detach-sign PLAINTEXT.txt
done
for name in "${names[@]}"; do
    run_gpg -u "${fingerprint[$name]}" --output "detached-$name.sig" --detach-sign PLAINTEXT.txt
done
run_gpg -u "$ed" --armor --output detached.asc --detach-sign PLAINTEXT.txt
run_gpg -u "$ed" --textmode --output detached-text.sig --detach-sign PLAINTEXT.txt
run_gpg -u "$ed" -u "$rsa" -u "$dsa" --output detached-three.sig --detach-sign PLAINTEXT.txt
run_gpg -u "$ed" -u "$rsa" --armor --output detached-two.asc --detach-sign PLAINTEXT.txt

# What a signature can say.
run_gpg -u "$ed" --set-notation 'colour@example.com=grün' --set-notation '!size@example.com=3' \
    --set-notation 'empty@example.com=' --output notation.sig --detach-sign PLAINTEXT.txt
run_gpg -u "$ed" --sig-policy-url 'https://example.com/%g' --sig-keyserver-url 'hkps://keys.example.com' \
    --output policy-keyserver.sig --detach-sign PLAINTEXT.txt
run_gpg -u "$ed" --default-sig-expire 1m --output expiring.sig --detach-sign PLAINTEXT.txt
run_gpg -u "$ed" --sender ed25519@example.com --output signers-user-id.sig --detach-sign PLAINTEXT.txt

# Inline: a one-pass packet, the literal data, the signature.
run_gpg -u "$ed" --output inline-compressed.gpg --sign PLAINTEXT.txt
run_gpg -u "$ed" -z 0 --output inline.gpg --sign PLAINTEXT.txt
run_gpg -u "$ed" -z 0 --armor --output inline.asc --sign PLAINTEXT.txt
run_gpg -u "$ed" -z 0 --textmode --output inline-text.gpg --sign PLAINTEXT.txt
run_gpg -u "$ed" -u "$rsa" -u "$dsa" -z 0 --output inline-three.gpg --sign PLAINTEXT.txt

# In the clear.
run_gpg -u "$ed" --output cleartext.asc --clear-sign PLAINTEXT.txt
run_gpg -u "$rsa" --digest-algo sha1 --output cleartext-sha1.asc --clear-sign PLAINTEXT.txt
run_gpg -u "$ed" -u "$rsa" -u "$dsa" --output cleartext-three.asc --clear-sign PLAINTEXT.txt
run_gpg -u "$ed" --not-dash-escaped --output cleartext-not-dash-escaped.asc --clear-sign PLAINTEXT.txt
printf 'Grüße\r\naus Köln' | run_gpg -u "$ed" --clear-sign >cleartext-crlf.asc
run_gpg -u "$ed" --clear-sign </dev/null >cleartext-empty.asc

# ---------------------------------------------------------------------------------------------------------------------
# messages/

theme messages
export GNUPGHOME=$keys_home
at 20240110T120000
printf 'The quick brown fox jumps over the lazy dog.\n' >PLAINTEXT.txt

# Encrypted to the key of every algorithm, to two, and to recipients who are not named.
for name in "${names[@]}"; do
    run_gpg -r "${fingerprint[$name]}" --output "encrypted-$name.gpg" --encrypt PLAINTEXT.txt
done
run_gpg -r "$ed" --armor --output encrypted.asc --encrypt PLAINTEXT.txt
run_gpg -r "$ed" -r "$rsa" --output encrypted-two.gpg --encrypt PLAINTEXT.txt
run_gpg -r "$ed" -R "$rsa" --output encrypted-hidden.gpg --encrypt PLAINTEXT.txt
run_gpg -r "$ed" -r "$rsa" --throw-keyids --output encrypted-all-hidden.gpg --encrypt PLAINTEXT.txt
run_gpg -u "$ed" -r "$ed" --output encrypted-signed.gpg --sign --encrypt PLAINTEXT.txt
# Without protection against change: packet 9.
run_gpg -r "$rsa" --rfc2440 --output encrypted-no-mdc.gpg --encrypt PLAINTEXT.txt

# With the passphrase "bpg".
passphrase=bpg
for mode in 0 1 3; do
    run_gpg --s2k-mode "$mode" --output "symmetric-s2k-$mode.gpg" --symmetric PLAINTEXT.txt
done
for cipher in idea 3des cast5 blowfish aes aes192 aes256 twofish camellia128 camellia192 camellia256; do
    run_gpg --cipher-algo "$cipher" --output "symmetric-$cipher.gpg" --symmetric PLAINTEXT.txt
done
run_gpg --s2k-digest-algo sha512 --armor --output symmetric.asc --symmetric PLAINTEXT.txt
run_gpg --rfc2440 --cipher-algo 3des --output symmetric-no-mdc.gpg --symmetric PLAINTEXT.txt
run_gpg -r "$ed" --output symmetric-and-encrypted.gpg --symmetric --encrypt PLAINTEXT.txt
passphrase=''

# Only stored: literal data, plain and compressed.
run_gpg -z 0 --output literal-binary.gpg --store PLAINTEXT.txt
run_gpg -z 0 --textmode --output literal-text.gpg --store PLAINTEXT.txt
run_gpg -z 0 --for-your-eyes-only --output literal-eyes-only.gpg --store PLAINTEXT.txt
run_gpg -z 0 --set-filename 'Grüße aus Köln.txt' --output literal-named.gpg --store PLAINTEXT.txt
run_gpg -z 0 --store </dev/null >literal-empty.gpg
for compression in zip zlib bzip2; do
    run_gpg --compress-algo "$compression" --output "compressed-$compression.gpg" --store PLAINTEXT.txt
done

# Partial body lengths: gpg writes them when it cannot know the length, that is, when it reads a pipe.
seq --format='This is line %05.0f of a text that is longer than one part.' 1 400 >"$tmp/long"
cat "$tmp/long" | run_gpg -z 0 --store >partial-literal.gpg
cat "$tmp/long" | run_gpg -z 0 -r "$ed" --encrypt >partial-encrypted.gpg
cat "$tmp/long" | run_gpg -z 0 -u "$ed" --sign >partial-signed.gpg
run_gpg -z 0 -r "$ed" --armor --encrypt <"$tmp/long" >large.asc

# ---------------------------------------------------------------------------------------------------------------------
# peers/: a certificate, the secret key, and messages from every other program

theme peers
printf 'The quick brown fox jumps over the lazy dog.\n' >PLAINTEXT.txt
printf 'bpg' >"$tmp/passphrase"

# with_terminal COMMAND...: answers every question of a command that insists on a terminal with "bpg".
with_terminal() {
    python3 - "$@" >>"$log" 2>&1 <<'EOF'
import os, pty, sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
try:
    while said := os.read(terminal, 4096):
        sys.stdout.buffer.write(said)
        # One answer to each question; a question ends in a colon and a space.
        if said.endswith(b": "):
            os.write(terminal, b"bpg\n")
except OSError:
    pass  # the command has closed the terminal
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOF
}

# Sequoia. It marks its signatures with a notation of random octets.
sq key generate --userid 'Sq Example <sq@example.com>' --creation-time 20240101T000000 --expires never \
    --export sq.sec.asc --rev-cert sq.rev.asc 2>>"$log"
sq key extract-cert --output sq.pub.asc sq.sec.asc
sq dearmor --output sq.pub.gpg sq.pub.asc
with_terminal sq key password --output sq.sec-protected.asc sq.sec.asc
sq sign --time 20240110T120000 --signer-key sq.sec.asc --output sq.signed.asc PLAINTEXT.txt
sq sign --time 20240110T120000 --signer-key sq.sec.asc --binary --detached --output sq.detached.sig PLAINTEXT.txt
sq sign --time 20240110T120000 --signer-key sq.sec.asc --cleartext-signature --output sq.cleartext.asc PLAINTEXT.txt
# A second signature over the message and the first signature.
sq sign --time 20240111T120000 --signer-key sq.sec.asc --notarize --binary --output sq.notarized.gpg sq.signed.asc
sq encrypt --time 20240110T120000 --recipient-cert sq.pub.asc --output sq.encrypted.asc PLAINTEXT.txt
sq certify --time 20240110T120000 --depth 1 --amount 60 --regex 'example[.]com>$' --regex 'example[.]net>$' \
    --expires never --notation '!why@example.com' because --binary --output sq.certified.pub.gpg \
    sq.sec.asc "$out/certificates/bob.pub.gpg" 'Bob Example <bob@example.com>'
sq key attest-certifications --binary --output sq.attested.sec.gpg sq.sec.asc 2>>"$log"

# RNP. It writes new-format headers, AEAD encrypted data (packet 20) and keys of the private algorithm 99, SM2.
mkdir -m 700 "$tmp/rnp"
run_rnp() { "$1" --homedir "$tmp/rnp" --notty --password "$passphrase" --current-time 2024-01-01 "${@:2}" 2>>"$log"; }
printf '22\n' | run_rnp rnpkeys --userid 'Rnp Example <rnp@example.com>' --expert --generate-key >>"$log"
printf '99\n' | run_rnp rnpkeys --userid 'Sm2 Example <sm2@example.com>' --expert --generate-key >>"$log"
printf '17\n1024\n1024\n' | run_rnp rnpkeys --userid 'Dsa Example <dsa@example.com>' --expert --generate-key >>"$log"
passphrase=bpg
printf '22\n' | run_rnp rnpkeys --userid 'Protected Example <protected@example.com>' --cipher TWOFISH --hash SHA512 \
    --expert --generate-key >>"$log"
run_rnp rnpkeys --secret --export-key protected@example.com >rnp.sec-protected.asc
run_rnp rnp --symmetric --passwords 2 --cipher AES256 --output rnp.two-passphrases.gpg PLAINTEXT.txt
run_rnp rnp --symmetric --aead=OCB --cipher AES128 --output rnp.symmetric-ocb.gpg PLAINTEXT.txt
passphrase=''
run_rnp rnpkeys --export-key rnp@example.com >rnp.pub.asc
run_rnp rnpkeys --secret --export-key rnp@example.com >rnp.sec.asc
run_rnp rnpkeys --export-key sm2@example.com >rnp-sm2.pub.asc
run_rnp rnpkeys --secret --export-key sm2@example.com >rnp-sm2.sec.asc
run_rnp rnpkeys --export-key dsa@example.com >rnp-dsa.pub.asc
run_rnp rnpkeys --export-rev rnp@example.com --rev-type superseded --rev-reason 'A newer key.' >rnp.rev.asc
run_rnp rnp --dearmor --output rnp.pub.gpg rnp.pub.asc
run_rnp rnp --sign -u rnp@example.com --output rnp.signed.gpg PLAINTEXT.txt
run_rnp rnp --sign --detach --armor -u rnp@example.com --output rnp.detached.asc PLAINTEXT.txt
run_rnp rnp --sign --detach -u sm2@example.com --hash SM3 --output rnp-sm2.detached.sig PLAINTEXT.txt
run_rnp rnp --clearsign -u rnp@example.com --output rnp.cleartext.asc PLAINTEXT.txt
run_rnp rnp --encrypt -r rnp@example.com --output rnp.encrypted.gpg PLAINTEXT.txt
run_rnp rnp --encrypt -r rnp@example.com --aead=EAX --output rnp.encrypted-eax.gpg PLAINTEXT.txt
run_rnp rnp --encrypt -r rnp@example.com --aead=OCB --output rnp.encrypted-ocb.gpg PLAINTEXT.txt
run_rnp rnp --encrypt -r sm2@example.com --cipher SM4 --output rnp-sm2.encrypted.gpg PLAINTEXT.txt

# PGPainless and GopenPGP, which take the time from the machine.
pgpainless-cli generate-key 'Pgpainless Example <pgpainless@example.com>' >pgpainless.sec.asc
pgpainless-cli generate-key --with-key-password="$tmp/passphrase" 'Pgpainless Example <pgpainless@example.com>' \
    >pgpainless.sec-protected.asc
pgpainless-cli extract-cert <pgpainless.sec.asc >pgpainless.pub.asc
pgpainless-cli extract-cert --no-armor <pgpainless.sec.asc >pgpainless.pub.gpg
pgpainless-cli inline-sign pgpainless.sec.asc <PLAINTEXT.txt >pgpainless.signed.asc
pgpainless-cli inline-sign --as=clearsigned pgpainless.sec.asc <PLAINTEXT.txt >pgpainless.cleartext.asc
pgpainless-cli sign pgpainless.sec.asc <PLAINTEXT.txt >pgpainless.detached.asc
pgpainless-cli encrypt --sign-with=pgpainless.sec.asc pgpainless.pub.asc <PLAINTEXT.txt >pgpainless.encrypted.asc
pgpainless-cli encrypt --with-password="$tmp/passphrase" <PLAINTEXT.txt >pgpainless.symmetric.asc

gosop generate-key 'Gosop Example <gosop@example.com>' >gosop.sec.asc
gosop extract-cert <gosop.sec.asc >gosop.pub.asc
gosop dearmor <gosop.pub.asc >gosop.pub.gpg
gosop sign gosop.sec.asc <PLAINTEXT.txt >gosop.detached.asc
gosop encrypt --sign-with=gosop.sec.asc gosop.pub.asc <PLAINTEXT.txt >gosop.encrypted.asc
gosop encrypt --with-password="$tmp/passphrase" <PLAINTEXT.txt >gosop.symmetric.asc

# pgp and sequoia-openpgp, which are libraries: the rest of peers/, and all of pqc/. They take the time from the machine.
theme pqc
cargo run --quiet --locked --manifest-path "$here/../bpg-core/tests/peers-v6/Cargo.toml" --example testdata -- "$out"

# ---------------------------------------------------------------------------------------------------------------------
# What no program writes: armor/, malformed/, and files in most of the folders above

cd "$out"
python3 "$here/handmade.py" "$out"

# mission/: given, not made; rfc9580/: printed in the RFC, see rfc9580.py
if [ "$out" != "$here" ]; then
    for folder in mission rfc9580; do
        rm -rf "${out:?}/$folder"
        cp -r "$here/$folder" "$out/$folder"
    done
fi

# rnp writes files that only their owner may read.
chmod -R u=rwX,go=rX keys certificates secret keyrings gnupg signatures messages peers pqc armor malformed
