// Another reading of the log: Go's own code for transparency logs and signed notes (golang.org/x/mod/sumdb, which
// guards every Go module) says whether it accepts a log in a folder, or a proof file. It shares nothing with ours.
//
// main <vkey> <path>...    prints for each path "ok" or the first thing that is wrong.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	verifier, err := note.NewVerifier(os.Args[1])
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
	for _, path := range os.Args[2:] {
		if err := check(path, note.VerifierList(verifier)); err != nil {
			fmt.Println(strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println("ok")
		}
	}
}

func check(path string, verifiers note.Verifiers) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.IsDir() {
		return checkLog(path, verifiers)
	}
	return checkProof(path, verifiers)
}

// openTree opens a signed checkpoint. Go's own begins with another line; the rest is the same.
func openTree(signed []byte, verifiers note.Verifiers) (tlog.Tree, error) {
	opened, err := note.Open(signed, verifiers)
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.SplitN(opened.Text, "\n", 2)
	if lines[0] != opened.Sigs[0].Name {
		return tlog.Tree{}, errors.New("the origin is not the key's name")
	}
	return tlog.ParseTree([]byte("go.sum database tree\n" + lines[1]))
}

// tiles reads tiles of height 8 from a folder.
type tiles struct{ folder string }

func (tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	read := make([][]byte, len(wanted))
	for at, tile := range wanted {
		// C2SP tlog-tiles leaves the height out of the path.
		data, err := os.ReadFile(filepath.Join(t.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		if len(data) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("tile %s has %d bytes", tile.Path(), len(data))
		}
		read[at] = data
	}
	return read, nil
}

func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func checkLog(folder string, verifiers note.Verifiers) error {
	trees, err := readTrees(folder, verifiers)
	if err != nil {
		return err
	}
	lines, err := readLines(folder)
	if err != nil {
		return err
	}
	for at, tree := range trees {
		if tree.N > int64(len(lines)) {
			return fmt.Errorf("a checkpoint of %d entries, and %d lines", tree.N, len(lines))
		}
		if tree.N == 0 {
			continue
		}
		reader := tlog.TileHashReader(tree, tiles{folder})
		root, err := tlog.TreeHash(tree.N, reader)
		if err != nil || root != tree.Hash {
			return fmt.Errorf("the tiles do not give the root of %d entries: %v", tree.N, err)
		}
		if at > 0 && trees[at-1].N > 0 {
			if err := checkGrowth(trees[at-1], tree, reader); err != nil {
				return err
			}
		}
	}
	if len(trees) == 0 {
		return errors.New("no checkpoint")
	}
	newest := trees[len(trees)-1]
	if newest.N != int64(len(lines)) {
		return fmt.Errorf("the newest checkpoint is of %d entries, and there are %d lines", newest.N, len(lines))
	}
	return checkRecords(newest, lines, folder)
}

func checkGrowth(older, newer tlog.Tree, reader tlog.HashReader) error {
	proof, err := tlog.ProveTree(newer.N, older.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, newer.N, newer.Hash, older.N, older.Hash)
}

func checkRecords(tree tlog.Tree, lines [][]byte, folder string) error {
	reader := tlog.TileHashReader(tree, tiles{folder})
	for index := int64(0); index < tree.N; index++ {
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		if err != nil {
			return err
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(lines[index])); err != nil {
			return fmt.Errorf("entry %d: %w", index, err)
		}
	}
	return nil
}

// readTrees opens every checkpoint, the pointer too, in the order of their sizes.
func readTrees(folder string, verifiers note.Verifiers) ([]tlog.Tree, error) {
	var trees []tlog.Tree
	paths := []string{filepath.Join(folder, "checkpoint")}
	for _, pattern := range []string{"checkpoints/*", "checkpoints/*.idle/*"} {
		found, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			continue
		}
		signed, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		tree, err := openTree(signed, verifiers)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		trees = append(trees, tree)
	}
	sort.SliceStable(trees, func(a, b int) bool { return trees[a].N < trees[b].N })
	return trees, nil
}

// readLines reads the entries in the order of the first index in their objects' names.
func readLines(folder string) ([][]byte, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "entries/*/*/*.ndjson.gz"))
	if err != nil {
		return nil, err
	}
	sort.Slice(paths, func(a, b int) bool { return filepath.Base(paths[a]) < filepath.Base(paths[b]) })
	var lines [][]byte
	for _, path := range paths {
		first, err := strconv.Atoi(strings.TrimSuffix(filepath.Base(path), ".ndjson.gz"))
		if err != nil || first != len(lines) {
			return nil, fmt.Errorf("%s begins at another index than %d", filepath.Base(path), len(lines))
		}
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		unzipped, err := gzip.NewReader(file)
		if err != nil {
			return nil, err
		}
		scanner := bufio.NewScanner(unzipped)
		scanner.Buffer(nil, 1<<26)
		for scanner.Scan() {
			lines = append(lines, append([]byte(nil), scanner.Bytes()...))
		}
		if scanner.Err() != nil {
			return nil, scanner.Err()
		}
	}
	return lines, nil
}

// proofFile is what `dialguard audit prove` and `prove-consistency` write.
type proofFile struct {
	Entry, Proof, Older, Newer, Vkey string
	Path                             []tlog.Hash
}

func checkProof(path string, verifiers note.Verifiers) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var file proofFile
	if err := json.Unmarshal(text, &file); err != nil {
		return err
	}
	if file.Older != "" {
		return checkConsistency(file, verifiers)
	}
	return checkInclusion(file, verifiers)
}

func checkConsistency(file proofFile, verifiers note.Verifiers) error {
	older, err := openTree([]byte(file.Older), verifiers)
	if err != nil {
		return err
	}
	newer, err := openTree([]byte(file.Newer), verifiers)
	if err != nil {
		return err
	}
	return tlog.CheckTree(file.Path, newer.N, newer.Hash, older.N, older.Hash)
}

// checkInclusion reads a C2SP tlog-proof.
func checkInclusion(file proofFile, verifiers note.Verifiers) error {
	parts := strings.SplitN(file.Proof, "\n\n", 2)
	lines := strings.Split(parts[0], "\n")
	if len(parts) != 2 || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return errors.New("no tlog-proof")
	}
	tree, err := openTree([]byte(parts[1]), verifiers)
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	return tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash([]byte(file.Entry)))
}
