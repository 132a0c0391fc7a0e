"""What the template promises and no emulator can show, read off what SAM makes of it."""
