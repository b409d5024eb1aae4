#!/usr/bin/env python3
"""Copies a data set of the form of CamVid and seeds twenty faults, to try `segtrain data check` on.

    python3 tools/seed_faults.py CAMVID COPY
    ./segtrain data check --data COPY

CAMVID has images/{training,validation}, annotations/{training,validation} and classes.txt, and 200
training images at least. Needs Pillow. Prints the kind of each fault and the file that must be
named.
"""
import os
import shutil
import struct
import sys
import zlib

from PIL import Image

source, copy = sys.argv[1:]
if os.path.exists(copy):
    sys.exit(f"{copy} is there; name another folder")
shutil.copytree(source, copy)
names = [os.path.splitext(name)[0] for name in sorted(os.listdir(f"{copy}/images/training"))]


def image(i, split="training"):
    return f"{copy}/images/{split}/{names[i]}.jpg"


def mask(i):
    return f"{copy}/annotations/training/{names[i]}.png"


def add(split, name, picture, labels, **how):
    picture.save(f"{copy}/images/{split}/{name}.jpg", quality=95, **how)
    labels.save(f"{copy}/annotations/{split}/{name}.png")


def say(kind, file):
    print(f"{kind}\t{file}")


def spoil(file, change):
    with open(file, "rb") as f:
        content = bytearray(f.read())
    with open(file, "wb") as f:
        f.write(change(content))


def flipped(content):
    content[len(content) // 2] ^= 4
    return content


def huge(content):
    """A PNG header that claims 60000 x 50000."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 60000, 50000, 8, 2, 0, 0, 0)
    parts = [(13, header), (4, b"IDAT" + zlib.compress(b"")), (0, b"IEND")]
    png = b"\x89PNG\r\n\x1a\n"
    for _, part in parts:
        png += struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part))
    return png


os.remove(mask(10))
say("image-without-mask", image(10))
os.remove(image(20))
say("mask-without-image", mask(20))
Image.open(image(30)).save(image(30).replace(".jpg", ".png"))
say("same-name", image(30).replace(".jpg", ".png"))
os.rename(image(40), image(40).replace(".jpg", ".heic"))
say("unread-format", image(40).replace(".jpg", ".heic"))
spoil(image(50), lambda content: content[: len(content) // 2])
say("unreadable-image", image(50))
spoil(image(55), lambda content: b"")
say("unreadable-image", image(55))
spoil(mask(60), flipped)
say("unreadable-mask", mask(60))
Image.open(mask(70)).convert("RGB").save(mask(70) + ".jpg")
os.rename(mask(70) + ".jpg", mask(70))
say("not-a-mask", mask(70))
spoil(image(80), huge)
say("too-large", image(80))
labels = Image.open(mask(90))
labels.resize((240, 180), Image.NEAREST).save(mask(90))
say("sizes-differ", mask(90))
photograph = Image.open(image(100))
exif = photograph.getexif()
exif[0x0112] = 6
photograph.save(image(100), exif=exif, quality=95)
say("turned-by-exif", image(100))
labels = Image.open(mask(110))
labels.putpixel((5, 5), 77)
labels.save(mask(110))
say("unknown-value", mask(110))
labels = Image.open(mask(120)).convert("L")
zero = Image.new("L", labels.size)
Image.merge("RGB", (labels, zero, zero)).save(mask(120))
say("unnamed-colours", mask(120))
Image.new("L", Image.open(mask(130)).size, 255).save(mask(130))
say("void-mask", mask(130))
shutil.copy(image(140), f"{copy}/images/validation/copy.jpg")
shutil.copy(mask(140), f"{copy}/annotations/validation/copy.png")
say("same-in-splits", image(140))
smaller = Image.open(image(150)).resize((240, 180), Image.BICUBIC)
add("validation", "smaller", smaller, Image.open(mask(150)).resize((240, 180), Image.NEAREST))
say("similar-in-splits", image(150))
shutil.copy(image(160), f"{copy}/images/training/other.jpg")
shutil.copy(mask(161), f"{copy}/annotations/training/other.png")
say("same-with-other-mask", f"{copy}/images/training/other.jpg")
shutil.copy(image(170), f"{copy}/images/training/twice.jpg")
shutil.copy(mask(170), f"{copy}/annotations/training/twice.png")
say("same-twice", f"{copy}/images/training/twice.jpg")
tiny = Image.open(image(180)).resize((24, 18), Image.BICUBIC)
add("training", names[180], tiny, Image.open(mask(180)).resize((24, 18), Image.NEAREST))
say("tiny", image(180))
long = Image.open(image(190)).crop((0, 100, 480, 180))
add("training", names[190], long, Image.open(mask(190)).crop((0, 100, 480, 180)))
say("elongated", image(190))
with open(f"{copy}/classes.txt", "a") as f:
    f.write("tram\nlamp\n")
for split in ("validation",):
    first = sorted(os.listdir(f"{copy}/annotations/{split}"))[0]
    labels = Image.open(f"{copy}/annotations/{split}/{first}")
    labels.paste(11, (0, 0, 40, 40))
    labels.save(f"{copy}/annotations/{split}/{first}")
say("class-only-measured", "tram")
say("class-not-trained", "lamp")
open(f"{copy}/images/training/.DS_Store", "w").close()
say("left-out", ".DS_Store")
