// Reads a log's folder with Go's own packages for signed notes and transparency
// logs: every checkpoint opens, every leaf is included, every two neighbouring
// checkpoints are consistent, every proof file holds.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", what, err)
		os.Exit(1)
	}
}

func read(parts ...string) []byte {
	bytes, err := os.ReadFile(filepath.Join(parts...))
	must(err, "read")
	return bytes
}

// A checkpoint's note, opened with the log's key.
func open(msg []byte, key note.Verifier) tlog.Tree {
	opened, err := note.Open(msg, note.VerifierList(key))
	must(err, "note.Open")
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != key.Name() {
		must(fmt.Errorf("origin %q", lines[0]), "checkpoint")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, "size")
	hash, err := tlog.ParseHash(lines[2])
	must(err, "root")
	return tlog.Tree{N: size, Hash: hash}
}

// tiles reads C2SP paths: tile/<L>/<N>, where Go's own begin with tile/<H>/.
type tiles struct{ dir string }

func (t tiles) Height() int                          { return 8 }
func (t tiles) SaveTiles(_ []tlog.Tile, _ [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(t.dir, path))
		if err != nil {
			return nil, err
		}
		all = append(all, bytes)
	}
	return all, nil
}

func entries(dir string, size int64) [][]byte {
	var leaves [][]byte
	for n := int64(0); n*256 < size; n++ {
		tile := tlog.Tile{H: 8, L: -1, N: n, W: 256}
		if size-n*256 < 256 {
			tile.W = int(size - n*256)
		}
		path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
		bundle := read(dir, path)
		for len(bundle) > 0 {
			length := int(binary.BigEndian.Uint16(bundle))
			leaves = append(leaves, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
	}
	return leaves
}

func checkProof(path string, key note.Verifier, leaf []byte) {
	head, checkpoint, found := strings.Cut(string(read(path)), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		must(fmt.Errorf("no tlog-proof"), path)
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	must(err, path)
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := base64.StdEncoding.DecodeString(line)
		must(err, path)
		var h tlog.Hash
		copy(h[:], hash)
		proof = append(proof, h)
	}
	tree := open([]byte(checkpoint), key)
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)), path)
	leaf = append([]byte{}, leaf...)
	leaf[0] ^= 1
	if tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(leaf)) == nil {
		must(fmt.Errorf("it holds for another leaf too"), path)
	}
}

func main() {
	dir := filepath.Join(os.Args[1], "log")
	key, err := note.NewVerifier(strings.TrimSpace(string(read(dir, "log.vkey"))))
	must(err, "key")
	tree := open(read(dir, "checkpoint"), key)
	hashes := tlog.TileHashReader(tree, tiles{dir})
	leaves := entries(dir, tree.N)
	if int64(len(leaves)) != tree.N {
		must(fmt.Errorf("%d of %d", len(leaves), tree.N), "leaves")
	}
	for i, leaf := range leaves {
		proof, err := tlog.ProveRecord(tree.N, int64(i), hashes)
		must(err, "prove")
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), tlog.RecordHash(leaf)), "leaf")
	}
	var before tlog.Tree
	notes := 0
	for _, msg := range splitNotes(string(read(dir, "checkpoints"))) {
		now := open([]byte(msg), key)
		if before.N > 0 {
			proof, err := tlog.ProveTree(tree.N, before.N, hashes)
			must(err, "prove tree")
			must(tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash), "consistency")
		}
		before = now
		notes++
	}
	proofs, _ := filepath.Glob(filepath.Join(os.Args[1], "receipt", "*.tlog-proof"))
	for _, path := range proofs {
		checkProof(path, key, read(strings.TrimSuffix(path, ".tlog-proof")+".json"))
	}
	fmt.Printf("Go agrees: %d leaves, %d checkpoints, %d proof files\n", len(leaves), notes, len(proofs))
}

// Notes stand one after another; each ends with its signature lines.
func splitNotes(history string) []string {
	var notes []string
	var note strings.Builder
	lines := strings.SplitAfter(history, "\n")
	for i, line := range lines {
		note.WriteString(line)
		signed := strings.HasPrefix(line, "\u2014 ")
		if signed && (i+1 >= len(lines) || !strings.HasPrefix(lines[i+1], "\u2014 ")) {
			notes = append(notes, note.String())
			note.Reset()
		}
	}
	return notes
}
