from covet import CovetError, HTTPException
