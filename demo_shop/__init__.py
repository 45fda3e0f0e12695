"""A small shop with real orders, so that the bot has business to do. Replace it with KEFU_SHOP_URL."""
